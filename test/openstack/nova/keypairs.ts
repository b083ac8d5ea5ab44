import { createHash, generateKeyPairSync } from 'node:crypto';
import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { wholeMicros } from '../site.ts';
import { parsed } from './body.ts';
import { invalid } from './create/wish.ts';
import type { Microversion } from './microversion.ts';
import { repr } from './python.ts';
import { bad, mustWrite, refused } from './refusals.ts';
import type { KeyPair, NovaState } from './state.ts';

/** MD5 of the key's bytes, in pairs; undefined for what is no public key. */
function fingerprintOf(key: string): string | undefined {
  const [type, blob] = key.trim().split(/\s+/);
  if (!type || !blob || !/^[A-Za-z0-9+/]+={0,2}$/.test(blob)) return undefined;
  const bytes = Buffer.from(blob, 'base64');
  if (bytes.length < 8 || bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() !== type) return undefined;
  return createHash('md5').update(bytes).digest('hex').match(/../g)!.join(':');
}

const body = ({ name, publicKey, fingerprint }: KeyPair, version: Microversion): object => ({
  name,
  public_key: publicKey,
  fingerprint,
  ...(version.has('2.2') && { type: 'ssh' }),
});

/** A key in the form of OpenSSH, of an Ed25519 pair. */
function generated(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const part = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]).toString('base64');
  return {
    publicKey: `ssh-ed25519 ${blob} Generated-by-Nova`,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function created(state: NovaState, request: ServiceRequest, version: Microversion, owner: TokenOwner): ServiceAnswer {
  const { keypair } = parsed(request) as { keypair: { name?: string; public_key?: string } };
  mustWrite(owner, 'os_compute_api:os-keypairs:create');
  const { name = '', public_key: given } = keypair;
  if (version.has('2.92') && given === undefined)
    throw invalid('keypair', keypair, "'public_key' is a required property");
  const pattern = version.has('2.92') ? /^[@._\- a-zA-Z0-9]+$/ : /^[_\- a-zA-Z0-9]+$/;
  if (!pattern.test(name))
    throw invalid(
      'name',
      name,
      `${repr(name)} does not match '${version.has('2.92') ? '^[@._\\\\- a-zA-Z0-9]+$' : '^[_\\\\- a-zA-Z0-9]+$'}'`,
    );
  const made = given === undefined ? generated() : undefined;
  const publicKey = given ?? made!.publicKey;
  const fingerprint = fingerprintOf(publicKey);
  if (fingerprint === undefined) throw bad('Keypair data is invalid: failed to generate fingerprint');
  const key = `${owner.userId} ${name}`;
  if (state.keyPairs.has(key)) throw refused(409, `Key pair '${name}' already exists.`);
  const own = [...state.keyPairs.values()].filter(({ userId }) => userId === owner.userId);
  if (own.length >= state.quotaOf(owner.projectId!).key_pairs)
    throw refused(403, 'Quota exceeded, too many key pairs.');
  const now = state.site.now();
  const pair: KeyPair = { name, userId: owner.userId, publicKey, fingerprint, created: now, id: state.nextKeyPairId() };
  state.keyPairs.set(key, pair);
  const secret = made && { private_key: made.privateKey };
  return {
    status: version.has('2.2') ? 201 : 200,
    body: { keypair: { ...body(pair, version), user_id: owner.userId, ...secret } },
  };
}

/** `/os-keypairs` and one of them. */
export function keyPairs(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  name: string | undefined,
): ServiceAnswer {
  if (name === undefined) {
    if (request.method === 'POST') return created(state, request, version, owner);
    const own = [...state.keyPairs.values()].filter(({ userId }) => userId === owner.userId);
    const sorted = own.sort((one, other) => (one.name < other.name ? -1 : 1));
    return { status: 200, body: { keypairs: sorted.map((pair) => ({ keypair: body(pair, version) })) } };
  }
  const found = state.keyPairs.get(`${owner.userId} ${name}`);
  if (!found) throw refused(404, `Keypair ${name} not found for user ${owner.userId}`);
  if (request.method === 'DELETE') {
    mustWrite(owner, 'os_compute_api:os-keypairs:delete');
    state.keyPairs.delete(`${owner.userId} ${name}`);
    return { status: version.has('2.2') ? 204 : 202 };
  }
  const more = {
    created_at: wholeMicros(found.created),
    deleted: false,
    deleted_at: null,
    id: found.id,
    updated_at: null,
  };
  return { status: 200, body: { keypair: { ...body(found, version), user_id: owner.userId, ...more } } };
}
