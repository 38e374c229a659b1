/** The PouchDB plugins that publish no types of their own; each is passed to `PouchDB.plugin` and nothing else. */

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
