// One map from state to colour: the same state looks the same on every screen.
export type Tone = 'neutral' | 'info' | 'wait' | 'warn' | 'bad' | 'good';

export type StatusKind =
  | 'stage'
  | 'hub'
  | 'channel'
  | 'shop'
  | 'freshness'
  | 'task'
  | 'connect'
  | 'run'
  | 'runLine'
  | 'place'
  | 'tagging'
  | 'deletion'
  | 'manual'
  | 'listing'
  | 'return'
  | 'action'
  | 'settlement';

export const TONES: Record<StatusKind, Record<string, Tone>> = {
  stage: {
    UNSYNC: 'bad',
    NOT_READY: 'warn',
    TO_PURCHASE: 'wait',
    PURCHASED: 'wait',
    AWAITING_SHIPMENT: 'info',
    CONFIRMED: 'info',
    PACKING: 'info',
    PACKED: 'info',
    AWAITING_PICKUP: 'info',
    IN_TRANSIT: 'good',
    DONE: 'good',
    CANCELLING: 'warn',
    CANCELLED: 'neutral',
    RETURNING: 'warn',
    RETURNED: 'neutral',
    ELSEWHERE: 'neutral',
    DELETED: 'neutral',
  },
  hub: {
    NEW: 'neutral',
    ON_HOLD: 'wait',
    AWAITING_CONFIRMATION: 'info',
    PARTLY_CONFIRMED: 'info',
    CONFIRMED: 'info',
    IN_TRANSIT: 'good',
    SUCCESS: 'good',
    RETURNING: 'warn',
    CANCELLED: 'neutral',
    CUSTOMER_CANCELLED: 'neutral',
    SYSTEM_CANCELLED: 'neutral',
    UNKNOWN: 'warn',
  },
  channel: {
    UNPAID: 'neutral',
    ON_HOLD: 'wait',
    AWAITING_SHIPMENT: 'info',
    PARTIALLY_SHIPPING: 'info',
    AWAITING_COLLECTION: 'info',
    IN_TRANSIT: 'good',
    DELIVERED: 'good',
    COMPLETED: 'good',
    CANCELLED: 'neutral',
  },
  shop: {
    CONNECTING: 'info',
    CONNECTED: 'good',
    NEAR_EXPIRY: 'warn',
    EXPIRED: 'bad',
    DISCONNECTED: 'neutral',
    NEEDS_CONSENT: 'bad',
    BEHIND: 'warn',
    WITHDRAWN: 'bad',
    OFF: 'neutral',
  },
  freshness: { FRESH: 'good', STALE: 'bad', OFF: 'neutral', STOPPED: 'bad', UNKNOWN: 'warn' },
  task: {
    WANTED: 'wait',
    ASKED: 'warn',
    LABEL: 'wait',
    DONE: 'good',
    REFUSED: 'bad',
    WITHDRAWN: 'neutral',
  },
  connect: { WAITING: 'wait', CHOOSING: 'info', DONE: 'good', DECLINED: 'neutral', FAILED: 'bad' },
  run: { REQUESTED: 'wait', RUNNING: 'info', FINISHED: 'good', FAILED: 'bad' },
  runLine: {
    LOADED: 'good',
    UPDATED: 'good',
    UNCHANGED: 'neutral',
    PENDING: 'wait',
    NOT_DOWNLOADED: 'warn',
    NOT_MAPPED: 'warn',
    DELETED: 'neutral',
    FAILED: 'bad',
  },
  tagging: { CHANGED: 'good', UNCHANGED: 'neutral', TOO_MANY: 'bad', NOT_FOUND: 'bad' },
  place: { REFUSED: 'bad', PLACED: 'good', ALREADY_PLACED: 'neutral' },
  manual: { CREATED: 'good', CHANGED: 'info', UNCHANGED: 'neutral', REFUSED: 'bad', WRONG: 'bad' },
  deletion: { REFUSED: 'bad', DELETED: 'good', RESTORED: 'good', UNCHANGED: 'neutral' },
  listing: { NOT_DOWNLOADED: 'bad', UNMAPPED: 'warn', SYNCED: 'good', ARCHIVED: 'neutral' },
  return: {
    TO_ANSWER: 'warn',
    OVERDUE: 'bad',
    ANSWERED: 'wait',
    UNDER_WAY: 'info',
    ACCEPTED: 'good',
    DECLINED: 'neutral',
    WITHDRAWN: 'neutral',
    DONE: 'good',
    UNKNOWN: 'warn',
  },
  settlement: {
    UNEXPLAINED: 'bad',
    UNSETTLED: 'warn',
    UNKNOWN_ORDER: 'warn',
    NO_ORDER: 'neutral',
    OTHER_CURRENCY: 'warn',
    RESERVE: 'wait',
    MATCHED: 'good',
  },
  action: { REQUESTED: 'wait', UNKNOWN: 'warn', ACCEPTED: 'good', REFUSED: 'bad' },
};

export function toneOf(kind: StatusKind, state: string): Tone {
  return TONES[kind][state] ?? 'warn';
}

const DAY_S = 24 * 3600;
const HURRY_S = 6 * 3600;

/** Amber below a day, red below six hours. */
export function toneOfDeadline(left: number): Tone {
  if (left < HURRY_S) return 'bad';
  return left < DAY_S ? 'warn' : 'neutral';
}

/** The states of returns, as they are looked at. */
export const RETURN_GROUPS = {
  'to-answer': ['TO_ANSWER'],
  answered: ['ANSWERED'],
  'under-way': ['UNDER_WAY', 'ACCEPTED', 'OVERDUE', 'UNKNOWN'],
  ended: ['DONE', 'DECLINED', 'WITHDRAWN'],
} as const;
export type ReturnGroup = keyof typeof RETURN_GROUPS;

/** The stages of each group, in the order of an order's life. */
export const GROUP_STAGES = {
  drafts: ['UNSYNC', 'NOT_READY'],
  'to-process': [
    'TO_PURCHASE',
    'PURCHASED',
    'AWAITING_SHIPMENT',
    'CONFIRMED',
    'PACKING',
    'PACKED',
    'AWAITING_PICKUP',
  ],
  shipped: ['IN_TRANSIT', 'DONE'],
  ended: ['CANCELLING', 'CANCELLED', 'RETURNING', 'RETURNED', 'ELSEWHERE'],
  deleted: ['DELETED'],
} as const;

export const GROUPS = ['drafts', 'to-process', 'shipped', 'ended', 'deleted'] as const;
export const HUB_STATUSES = Object.keys(TONES.hub);
export const STATUS_GROUPS = [
  'NEW',
  'PROCESSING',
  'PACKING',
  'DELIVERING',
  'COMPLETED',
  'CANCELLED',
  'RETURNING',
  'UNKNOWN',
] as const;
export const TIKTOK_TABS = ['UNPAID', 'TO_SHIP', 'SHIPPED', 'COMPLETED', 'CANCELLED'] as const;
export const CHANNEL_STATUSES = Object.keys(TONES.channel);
