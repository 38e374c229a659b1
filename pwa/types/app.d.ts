/** The version of the app, from package.json; put in by the build. */
declare const __VERSION__: string;
