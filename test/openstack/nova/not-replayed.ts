/** Recordings that the stand-in does not answer as Nova did, with the reason. */
export const notReplayed: Readonly<Record<string, string>> = {};
