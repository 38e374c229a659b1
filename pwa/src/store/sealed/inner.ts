/** What PouchDB asks of an adapter, as far as the sealed one passes it on. PouchDB publishes no types for it. */

export type Callback<T> = (error: unknown, value?: T) => void;

export interface Document {
  _id?: string;
  _rev?: string;
  _attachments?: object;
  [field: string]: unknown;
}

export interface Row {
  id?: string | undefined;
  key?: string;
  error?: unknown;
  doc?: Document | null | undefined;
}

/** Which documents `allDocs` asks for. */
export interface Range {
  key?: string | undefined;
  keys?: readonly string[] | undefined;
  startkey?: string | undefined;
  endkey?: string | undefined;
  inclusive_end?: boolean | undefined;
  descending?: boolean | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  include_docs?: boolean | undefined;
  conflicts?: boolean | undefined;
}

export interface Change {
  id: string;
  seq: number;
  doc?: Document;
}

export interface ChangesOptions {
  /** goes on when all there is was told */
  continuous?: boolean;
  since?: number;
  limit?: number;
  include_docs?: boolean;
  return_docs?: boolean;
  onChange: (change: Change) => void;
  complete: Callback<object>;
}

/** A database, seen from the adapter that keeps it. */
export interface Inner {
  name: string;
  _remote: boolean;
  type: () => string;
  id: () => Promise<string>;
  info: () => Promise<unknown>;
  allDocs: (options: Range) => Promise<{ rows: Row[] }>;
  close: () => Promise<void>;
  destroy: () => Promise<void>;
  _id: (callback: Callback<string>) => void;
  _info: (callback: Callback<unknown>) => void;
  _bulkDocs: (request: { docs: readonly Document[] }, options: object, callback: Callback<Row[]>) => void;
  _get: (id: string, options: object, callback: Callback<{ doc: Document; metadata: object }>) => void;
  _allDocs: (options: Range, callback: Callback<{ rows: Row[] }>) => void;
  _changes: (options: ChangesOptions) => { cancel: () => void } | undefined;
  _getRevisionTree: (id: string, callback: Callback<unknown>) => void;
  _doCompaction: (id: string, revs: readonly string[], callback: Callback<unknown>) => void;
  _getLocal: (id: string, callback: Callback<Document>) => void;
  _putLocal: (document: Document, options: object, callback?: Callback<Row>) => void;
  _removeLocal: (document: Document, options: object, callback?: Callback<Row>) => void;
  _close: (callback: Callback<void>) => void;
  _destroy: (options: object, callback: Callback<void>) => void;
}
