/** The version of the app, from package.json; put in by the build. */
declare const __VERSION__: string;

/** Another name for the app, or null for its own; see build/disguise.ts. */
declare const __APP_NAME__: string | null;

/** Adds the texts of an area, see build/texts.ts. */
declare module "virtual:texts/*";
