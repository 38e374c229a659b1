/** The version of the app, from package.json; put in by the build. */
declare const __VERSION__: string;

/** Adds the texts of an area, see build/texts.ts. */
declare module "virtual:texts/*";
