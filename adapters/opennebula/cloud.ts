/** What the kinds share during one request: the caller's calls and identity. */

import type { Tokens } from '../../lib/adapter/tokens.ts';
import type { OneClient } from './api/client.ts';
import type { Verdict } from './api/verdict.ts';
import type { OpenNebulaSettings } from './config.ts';
import type { VmTemplates } from './template/vm-templates.ts';

export interface Cloud {
  readonly client: OneClient;
  readonly settings: OpenNebulaSettings;
  /** An opaque name for the caller: the key of everything that a process caches per caller. */
  readonly caller: string;
  /** The caller. Verified before any kind is used, so this makes no call. */
  verdict(): Promise<Verdict>;
  /** What this process created recently, by the token of the create. */
  readonly tokens: Tokens;
  /** Cache of the VM templates that this process has read. */
  readonly templates: VmTemplates;
}

/**
 * How long a deleted object may still be listed, in seconds: oned answers as soon as it accepts the delete, then runs
 * an epilogue. If the delete fails, the only sign is that the object is listed again afterwards.
 */
export const LINGER_SECONDS = 300;

/** Owner of a native object. */
interface Owned {
  readonly UID: number;
  readonly GID: number;
}

/** True for an object that the tenant owns. Every other visible object is published. */
export const isOwn = ({ tenant }: OpenNebulaSettings, { uid, gid }: Verdict, { UID, GID }: Owned): boolean =>
  tenant === 'gid' ? GID === gid : UID === uid;

/** The number in a native id; undefined for an invalid one, since ids come from paths that clients send. */
export const objectId = (id: string): number | undefined =>
  /^(?:0|[1-9]\d{0,9})$/.test(id) && Number(id) < 2 ** 31 ? Number(id) : undefined;
