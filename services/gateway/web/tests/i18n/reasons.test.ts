// Every word that a service can give for a state or a reason has its text: the words are read from the tables' CHECKs, from the
// messages' descriptions and from the sources.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { whyText } from '@/status/why';
import { CATALOGUES, keysOf, LANGUAGES, textAt, translator } from '../words';

const REPOSITORY = join(import.meta.dirname, '../../../../..');
const SERVICES = join(REPOSITORY, 'services');

/** Where a column's words stand in the catalogues; null: no screen shows them.  Words that a screen never gets stand behind it. */
type Place = string | null | [family: string, ...unseen: string[]];

const COLUMNS: Record<string, Place> = {
  'connector seller_grant.state': null,
  'connector connect.state': ['status.connect', 'EXCHANGING', 'LISTING'],
  'connector shop.state': 'status.shop',
  'connector pull.kind': null,
  'connector task.kind': ['taskKind', 'DOCUMENT', 'LISTING'],
  'connector task.state': 'status.task',
  'gateway account.language': null,
  'gateway account.state': null,
  'gateway design_lease.task': null,
  'gateway person.role': 'role',
  'gateway sign_in_try.kind': null,
  'inventory warehouse.kind': 'warehouseKind',
  'inventory stock_entry.cause': null,
  'inventory goods_issue.state': null,
  'inventory returned.what': null,
  'order-ingest stage.stage_group': 'group',
  'order-ingest stage.can_stop': 'canStop',
  'order-ingest status_rule.status_group': 'orderFilter.status_group',
  'order-ingest status_rule.tab': 'orderFilter.tab',
  'order-ingest import_run.reason': 'runReason',
  'order-ingest return_rule.state': 'status.return',
  'order-ingest order_action.kind': 'actionKind',
  'order-ingest order_action.state': 'status.action',
  'order-ingest order_count.axis': null,
  'order-ingest erasure.by_what': null,
  'placement decision.answer': null,
  'placement decision.stage': 'status.stage',
  'placement ledger_balance.ledger': null,
  'placement setting.surcharge_per': null,
  'placement wallet_entry.kind': 'walletKind',
  'product-mapper catalogue_history.kind': null,
  'product-mapper design.kind': null,
  'product-mapper link_job_item.result': null,
  'product-mapper listing_sku.problem': null,
  'product-mapper sheet_export.state': null,
  'product-mapper sheet_import.state': null,
  'product-mapper sheet_line.outcome': null,
  'product-mapper variant.supply': 'supply',
};

const FIELDS: Record<string, Place> = {
  'account.saved.state': null,
  'action.progressed.state': 'status.action',
  'action.requested.kind': 'actionKind',
  'channel.listing.state': null,
  'channel.order.cancel_initiator': 'cause',
  'channel.order.shipping_type': null,
  'channel.return.arbitration': null,
  'channel.return.asked_by': 'askedBy',
  'channel.return.kind': 'returnKind',
  'channel.return.sent_by': null,
  'channel.settlement.kind': null,
  'channel.settlement.reserve_state': null,
  'channel.statement.payment_state': null,
  'condition.code': ['condition', 'UPPER_SNAKE'],
  'fulfilment.progressed.answer': null,
  'fulfilment.progressed.reason': 'why',
  'fulfilment.requested.mode': null,
  'goods.returned.what': null,
  'line_part.supply': 'supply',
  'mapped_line.problem': null,
  'notice.raised.event': 'notice',
  'order.recorded.channel_status': 'status.channel',
  'order.staged.stage': 'status.stage',
  'recorded_line.sku_id': null,
  'settlement_fee.part': 'settlementPart',
  'shipment.progressed.state': null,
  'shipment.requested.handover': null,
  'shop.saved.state': 'status.shop',
  'warehouse.saved.kind': 'warehouseKind',
};

const read = (...path: string[]) => readFileSync(join(REPOSITORY, ...path), 'utf8');
const filesOf = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
const wordsIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((found) => found[1] ?? '');

/** "connector task.state" → WANTED, …: what the migrations let stand in a column. */
function checkedColumns(): Map<string, string[]> {
  const columns = new Map<string, string[]>();
  for (const service of readdirSync(SERVICES)) {
    const folder = join(SERVICES, service, 'migrations');
    if (!existsSync(folder)) continue;
    let table = '';
    for (const text of filesOf(folder, '.sql'))
      for (const [, made, column, list] of text.matchAll(
        /CREATE TABLE (\w+)|CHECK \((\w+) IN \(([^)]*)\)\)/g,
      )) {
        const words = wordsIn(list ?? '', /'([^']+)'/g);
        if (made) table = made;
        else if (words.length > 0) columns.set(`${service} ${table}.${column}`, words);
      }
  }
  return columns;
}

/** "action.progressed.state" → ACCEPTED, …: texts of messages whose description lists words in capitals. */
function describedFields(): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const text of filesOf(join(REPOSITORY, 'proto'), '.schema')) {
    let message = '';
    for (const line of text.split('\n')) {
      message = /^(?:message|record) (\S+)/.exec(line)?.[1] ?? message;
      const [, field, about = ''] = /^\s+\d+\s+(\w+)\s+string[^#]*#(.*)/.exec(line) ?? [];
      const words = wordsIn(about, /\b([A-Z][A-Z_]{2,})\b/g);
      if (field && words.length > 1) fields.set(`${message}.${field}`, words);
    }
  }
  return fields;
}

function expectTexts(family: string, words: string[], about: string) {
  for (const language of LANGUAGES)
    for (const word of words) {
      const key = `${family}.${word}`;
      const known = keysOf(CATALOGUES[language]).some((one) => one.startsWith(`${key}.`));
      expect(
        known || textAt(CATALOGUES[language], key),
        `${about}: ${language} ${key}`,
      ).toBeTruthy();
    }
}

function expectAll(found: Map<string, string[]>, places: Record<string, Place>) {
  expect([...found.keys()].sort()).toEqual(Object.keys(places).sort());
  for (const [name, words] of found) {
    const place = places[name] ?? null;
    if (place === null) continue;
    const [family, ...unseen] = typeof place === 'string' ? [place] : place;
    expectTexts(
      family,
      words.filter((word) => !unseen.includes(word)),
      name,
    );
  }
}

/** Reasons in words of our own, as the services write them. */
function reasonsGiven(): string[] {
  const sources = ['connector', 'inventory', 'placement'].map((service) =>
    filesOf(join(SERVICES, service), '.c').join('\n'),
  );
  const given = sources.flatMap((text) => [
    // `.problem = …`, `reason = …`, up to the end of the statement; a literal may go on with what it is about
    ...[...text.matchAll(/(?:problem|reason|message)\s*=[^;}]*/g)].flatMap(([statement]) =>
      wordsIn(statement, /"([A-Z]+(?:_[A-Z]+)*)(?: %[^"]*)?"/g),
    ),
    ...[...text.matchAll(/problem'?,? (?:= )?CASE[\s\S]*?END/g)].flatMap(([choice]) =>
      wordsIn(choice, /THEN '([A-Z_]+)'/g),
    ),
    ...wordsIn(text, /problem = coalesce\(problem, '([A-Z_]+)'\)/g),
    ...wordsIn(text, /problem = '([A-Z_]+)'/g),
    ...wordsIn(text, /\b(?:fail|page_give_up)\([^;"]*"([A-Z_]+)"\)/g),
  ]);
  const issues = ['goods_issue.c', 'commands.c'].map((file) => read('services', 'inventory', file));
  const sheets = ['sheet_stage.c', 'xlsx_read.c', 'jobs_export.c']
    .map((file) => read('services', 'product-mapper', file))
    .concat(read('common', 'encoding.c'))
    .join('\n');
  const headings = read('services', 'product-mapper', 'sheet_columns.c');
  given.push(
    ...wordsIn(sheets, /"([A-Z]+(?:_[A-Z]+)+)(?: %s)?"/g),
    ...wordsIn(headings, /return "([A-Z_]+)"/g),
  );
  return [...new Set([...given, ...wordsIn(issues.join('\n'), /(?:return|NULL :) "([A-Z_]+)";/g)])];
}

describe.skipIf(!existsSync(join(REPOSITORY, 'proto')))('what services can say', () => {
  test('every word that a table may hold', () => {
    expectAll(checkedColumns(), COLUMNS);
  });

  test('every word that a message is described with', () => {
    expectAll(describedFields(), FIELDS);
  });

  test('every reason of ours', () => {
    const given = reasonsGiven();
    expect(given.length).toBeGreaterThan(20);
    expectTexts('why', given, 'given');
  });

  test('no reason that nobody gives', () => {
    const text = ['connector', 'inventory', 'placement', 'product-mapper']
      .flatMap((service) => filesOf(join(SERVICES, service), '.c'))
      .concat(read('common', 'encoding.c'))
      .join('\n');
    for (const code of Object.keys(CATALOGUES.en.why))
      expect(new RegExp(`["']${code}["' ]`).test(text), code).toBe(true);
  });

  test('no reason that only an English reader understands', () => {
    for (const service of ['connector', 'inventory', 'placement'])
      for (const text of filesOf(join(SERVICES, service), '.c'))
        expect(wordsIn(text, /(?:problem|reason)\s*=\s*SP_TEXT\(("[A-Za-z]+ [^"]*)/g)).toEqual([]);
  });

  test('every line of a sheet that is wrong, every link and every archiving that is refused', () => {
    const mapper = join(SERVICES, 'product-mapper');
    const text = filesOf(mapper, '.c').join('\n');
    const problems = wordsIn(
      text,
      /struct (?:variant_problem|link_fault) \w+ = \{\s*(?:\d+,\s*)?"([A-Z_]+)"/g,
    );
    expect(problems.length).toBeGreaterThan(20);
    expectTexts('problem', problems, 'product-mapper');
    const archive = readFileSync(join(mapper, 'archive_rules.c'), 'utf8');
    // Neither can be: a variant has no members, a type no parent.
    const refusals = wordsIn(archive, /"([A-Z]+(?:_[A-Z]+)*)"/g).filter(
      (code) => code !== 'HAS_MEMBERS' && code !== 'NO_PARENT',
    );
    expectTexts('goods.reason', refusals, 'archive_rules.c');
    const suggest = readFileSync(join(mapper, 'suggest.c'), 'utf8');
    expectTexts('matchReason', wordsIn(suggest, /"([A-Z]+(?:_[A-Z]+)*)"/g), 'suggest.c');
  });

  test('every reason to cancel', () => {
    const rules = read('services', 'order-ingest', 'cancel_rules.c');
    const meanings = wordsIn(rules, /^\s+\{"([A-Z_]+)",/gm);
    expect(meanings.length).toBeGreaterThan(3);
    expectTexts('cancelReason', meanings, 'cancel_rules.c');
  });
});

test('our own word is translated with what it is about, the words of others stay', async () => {
  const t = await translator('en');
  expect(whyText('PACKAGE_GONE 1153', t)).toBe('package 1153 is no longer there');
  expect(whyText('NO_ANSWER', t)).toBe('there was no answer');
  for (const words of ['25001021 reason not match', 'ODD_WORD', 'ODD word', 'No such order'])
    expect(whyText(words, t)).toBe(words);
  expect(whyText(null, t)).toBe('');
});
