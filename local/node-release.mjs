// Which releases of Node the project is kept working on: those that Node itself maintains (https://nodejs.org/en/about/previous-releases).

const OLDEST_PROMISED = 22;

/**
 * What to say of a release of Node that is older than what is promised; undefined for others.
 * @param {string} version such as 20.20.2
 */
export const warningOf = (version) =>
  Number.parseInt(version, 10) < OLDEST_PROMISED
    ? `serverless-occi is made for Node 22 and 24. This is Node ${version}, which gets no more fixes: what works today may stop working.`
    : undefined;
