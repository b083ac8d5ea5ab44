/** The rows: request, number of computes, rendering and number of connections. */

export const TABLES = ['memory', 'embedded'] as const;
export type TableKind = (typeof TABLES)[number];

export const RENDERINGS = ['text/plain', 'text/occi', 'text/uri-list', 'application/occi+json'] as const;
export type MediaType = (typeof RENDERINGS)[number];

export const REQUESTS = ['GET /-/', 'GET /compute/', 'GET one', 'POST /compute/'] as const;
export type RequestName = (typeof REQUESTS)[number];

export type Connections = 1 | 16;
export const CONNECTIONS: readonly Connections[] = [1, 16];

export interface Row {
  readonly table: TableKind;
  readonly request: RequestName;
  /** Number of computes when the row begins. */
  readonly computes: number;
  readonly accept: MediaType;
  readonly connections: Connections;
  /** The text that `--only` matches. */
  readonly label: string;
}

const SHAPES: readonly Pick<Row, 'request' | 'computes' | 'accept'>[] = [
  { request: 'GET /-/', computes: 0, accept: 'text/plain' },
  { request: 'GET /-/', computes: 0, accept: 'application/occi+json' },
  { request: 'GET one', computes: 10, accept: 'text/plain' },
  { request: 'GET one', computes: 10, accept: 'text/occi' },
  { request: 'GET one', computes: 10, accept: 'application/occi+json' },
  ...[10, 100, 1000].flatMap((computes) =>
    RENDERINGS.map((accept) => ({ request: 'GET /compute/', computes, accept }) as const),
  ),
  { request: 'POST /compute/', computes: 10, accept: 'text/plain' },
];

/** The rows of one table, in the order in which they can be measured while computes are added. */
export const rowsOf = (table: TableKind): Row[] =>
  SHAPES.flatMap((shape) =>
    CONNECTIONS.map((connections) => ({
      ...shape,
      table,
      connections,
      label: `${table} ${shape.request} ${shape.computes} ${shape.accept} ${connections}`,
    })),
  );

/** The body of a request that creates a compute, as `curl` would send it. */
export const COMPUTE = [
  'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
  'X-OCCI-Attribute: occi.core.title="one of many"',
  'X-OCCI-Attribute: occi.compute.cores=2',
].join('\n');
