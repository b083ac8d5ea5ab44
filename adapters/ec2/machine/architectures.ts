/** Architectures. OCCI has names for two of EC2's; a compute with another one shows none. */
const ARCHITECTURES = { x64: 'x86_64', x86: 'i386' } as const;
type Architecture = keyof typeof ARCHITECTURES;

/** OCCI's name for an EC2 architecture. */
export const architectureOf = (native: string | undefined): Architecture | undefined =>
  native === undefined
    ? undefined
    : (Object.keys(ARCHITECTURES) as Architecture[]).find((name) => ARCHITECTURES[name] === native);

/** EC2's name for an OCCI architecture. */
export const nativeArchitecture = (name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name as Architecture] : undefined;
