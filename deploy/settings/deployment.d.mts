/** What a deployment is configured with, and what it needs of the account. */
export interface Deployment {
  /** Name of the file that was read. */
  readonly file: string;
  /** What stands in it, as it is written there: the functions read the same with the same schemas. */
  readonly settings: Readonly<Record<string, unknown>> & {
    readonly adapter: { readonly name: string; readonly site: string; readonly settings?: Record<string, unknown> };
  };
  /** One for each setting that is right and still a danger: key, value, what may happen, what to do. */
  readonly warnings: readonly string[];
  /** What a role must let its function read. */
  readonly secrets: {
    /** Names in Parameter Store, each beginning with a slash. */
    readonly parameters: readonly string[];
    /** Whole ARNs in Secrets Manager. */
    readonly secrets: readonly string[];
  };
  /** ARNs of the roles that a function must be let assume. */
  readonly roles: readonly string[];
  /** No cloud is named yet: it can be packaged, and must not be deployed. */
  readonly isBlank: boolean;
}

/** A file that cannot be deployed: a line for each thing that is wrong in it, all of them in the message. */
export declare class WrongFile extends Error {
  readonly lines: readonly string[];
}

/** Reads and checks the file of a stage: `occi.<stage>.yml`, else `occi.yml`. Throws `WrongFile`. */
export declare function readDeployment(stage?: string, folder?: string): Promise<Deployment>;

/** Prints the warnings of a file on stderr, a line each. */
export declare function printWarnings(deployment: Pick<Deployment, 'file' | 'warnings'>): void;
