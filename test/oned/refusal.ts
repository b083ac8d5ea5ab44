/** Error codes of the result tuple, as measured on 6.10. */
export const CODE = {
  authentication: 256,
  authorization: 512,
  noExists: 1024,
  action: 2048,
  api: 4096,
  internal: 8192,
  allocate: 16384,
} as const;

/** A call that oned answers with `[false, sentence, code, object, -1]`; the method's name is put before the sentence. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly sentence: string,
    /** The object that was asked for and does not exist, or is locked; −1 otherwise. */
    readonly objectId = -1,
  ) {
    super(sentence);
  }
}

/** An error of XML-RPC itself: HTTP 200 with a fault instead of a tuple. */
export class Fault extends Error {
  constructor(
    readonly code: -501 | -502 | -503 | -506 | -507,
    readonly text: string,
  ) {
    super(text);
  }
}

export const notAuthorized = (uid: number, what: string): Refusal =>
  new Refusal(CODE.authorization, `User [${uid}] : ${what}`);
