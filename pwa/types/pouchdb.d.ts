/** The parts of PouchDB that publish no types of their own. Plugins are passed to `PouchDB.plugin` and nothing else. */

declare module "pouchdb-adapter-idb" {
  const plugin: PouchDB.Plugin;
  export default plugin;
}

declare module "pouchdb-adapter-http" {
  const plugin: PouchDB.Plugin;
  export default plugin;
}

declare module "pouchdb-adapter-memory" {
  const plugin: PouchDB.Plugin;
  export default plugin;
}

declare module "pouchdb-generate-replication-id" {
  /** The id of the `_local` document in which a replication keeps how far it has come. */
  export default function generateReplicationId(
    source: PouchDB.Database,
    target: PouchDB.Database,
    options: object,
  ): Promise<string>;
}

declare module "pouchdb-checkpointer" {
  export default class Checkpointer {
    constructor(
      source: PouchDB.Database,
      target: PouchDB.Database,
      id: string,
      replication: { cancelled: boolean },
      options: { writeSourceCheckpoint: boolean; writeTargetCheckpoint: boolean },
    );
    writeCheckpoint(sequence: string, session: string): Promise<unknown>;
  }
}
