// The words of the API, by their names; made from docs/api/openapi.yaml.
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Paths = paths;
export type Money = Schemas['Money'];
export type Me = Schemas['Me'];
export type Permission = Schemas['Permission'];
export type Language = Schemas['Language'];
export type ProblemBody = Schemas['Problem'];
export type Notice = Schemas['Notice'];
export type Shop = Schemas['Shop'];
export type ShopDetail = Schemas['ShopDetail'];
export type ShopSettings = Schemas['ShopSettings'];
export type History = Schemas['History'];
export type UnfinishedConnect = NonNullable<Schemas['ShopList']['unfinished']>[number];
export type Activity = Schemas['Activity'];
export type Certificate = Schemas['CertificateList']['items'][number];
export type Task = Schemas['Task'];
export type ShopNotice = Schemas['ShopNotice'];
export type ConnectState = Schemas['ConnectState'];
export type GrantedShop = ConnectState['shops'][number];
export type ConnectRequest = Schemas['ConnectRequest'];
export type ConnectConfirm = Schemas['ConnectConfirm'];
export type Stage = Schemas['Stage'];
export type StageGroup = Schemas['StageGroup'];
export type Order = Schemas['Order'];
export type OrderDetail = Schemas['OrderDetail'];
export type OrderTimeline = Schemas['OrderTimeline'];
export type StatusTable = Schemas['StatusTable'];
export type StatusRule = StatusTable['items'][number];
export type StatusPreview = Schemas['StatusPreview'];
export type OrderCounts = Schemas['OrderCounts'];
export type OpenCondition = Schemas['OpenCondition'];
export type Condition = Schemas['Condition'];
export type Explanation = Schemas['Explanation'];
export type OrderResult =
  | Schemas['PlaceResult']['items'][number]
  | Schemas['DeletionResult']['items'][number];
export type Return = Schemas['Return'];
export type ReturnDetail = Schemas['ReturnDetail'];
export type ReturnCounts = Schemas['ReturnCounts'];
export type OrderAction = Schemas['OrderAction'];
export type Cancelling = Schemas['Cancelling'];
export type LineUnits = Schemas['LineUnits'];
export type Settlement = Schemas['Settlement'];
export type SettlementState = Schemas['SettlementState'];
export type SettlementLine = Schemas['SettlementLine'];
export type SettlementReport = Schemas['SettlementReport'];
export type SettlementTotal = Schemas['SettlementTotal'];
export type Buyer = Schemas['Buyer'];
export type Note = Schemas['Note'];
export type NoteVersion = Note['versions'][number];
export type Tag = Schemas['Tag'];
export type TagInput = Schemas['TagInput'];
export type TagResult = Schemas['TagResults']['items'][number];
export type ManualOrder = Schemas['ManualOrder'];
export type OrderImport = Schemas['OrderImport'];
export type ImportRun = Schemas['ImportRun'];
export type ImportLine = Schemas['ImportLineList']['items'][number];
export type ImportResult = Schemas['ImportResult'];
export type Listing = Schemas['Listing'];
export type ListingState = Schemas['ListingState'];
export type ShownSku = Schemas['ShownSku'];
export type Suggestion = Schemas['SuggestionList']['items'][number];
export type Candidate = Suggestion['candidates'][number];
export type Mapping = Schemas['Mapping'];
export type MappingPart = Schemas['Part'];
export type Design = Schemas['Design'];
export type Variant = Schemas['Variant'];
export type VariantInput = Schemas['VariantInput'];
export type Supply = Schemas['Supply'];
export type ProductType = Schemas['ProductType'];
export type CatalogueKind = Schemas['CatalogueKind'];
export type GoodsImport = Schemas['Import'];
export type Workbook = Schemas['Workbook'];
export type Warehouse = Schemas['Warehouse'];
export type StockLevel = Schemas['StockLevel'];
export type PlacementSettings = Schemas['PlacementSettings'];
export type Service = Schemas['Service'];
export type ServiceState = Schemas['ServiceState'];
export type DeadLetter = Schemas['DeadLetter'];
export type WalletEntry = Schemas['WalletEntry'];

export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}
