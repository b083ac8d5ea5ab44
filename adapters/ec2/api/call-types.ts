/** The calls of EC2 that are made here, and what each takes. */

/** Types only: the module itself is a chunk that is read when it is needed (ADR-16). */
type Sdk = typeof import('./sdk.ts');
type Commands = Sdk['COMMANDS'];
export type CallName = keyof Commands;
export type InputOf<N extends CallName> = ConstructorParameters<Commands[N]>[0];
