/** Certificates that OpenSSL makes for a test: authorities, people, and their proxies. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of a certificate and its key. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
  readonly pem: string;
}

export interface Wanted {
  /** As `openssl req -subj` takes it; `+` joins attributes of one part. */
  readonly subject: string;
  /** Absent for one that signs itself. */
  readonly issuer?: Issued;
  /** Lines of OpenSSL's section of extensions. */
  readonly extensions?: readonly string[];
  /** As OpenSSL takes times: YYYYMMDDHHMMSSZ. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Options of `openssl ca`, such as `-md`. */
  readonly options?: readonly string[];
  /** Key to use instead of a new one. */
  readonly key?: string;
  readonly keyOptions?: readonly string[];
}

export const AUTHORITY = ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign,cRLSign'];
export const PERSON = [
  'basicConstraints=critical,CA:false',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=clientAuth',
];
export const SERVER = ['basicConstraints=critical,CA:false', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];

/** EC keys take OpenSSL a few milliseconds, RSA keys up to a second. */
const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

const openssl = (...args: readonly string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });

/** A folder with certificates; `remove` deletes it. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'occi-certificates-'));
  #count = 0;

  #file(ending: string): string {
    return join(this.folder, `${this.#count}.${ending}`);
  }

  issue({ subject, issuer, extensions = [], notBefore, notAfter, options = [], key, keyOptions = EC }: Wanted): Issued {
    this.#count++;
    const own = key ?? this.#file('key');
    if (key === undefined) openssl('genpkey', ...keyOptions, '-out', own);
    const [request, config, certificate] = ['req', 'cnf', 'pem'].map((ending) => this.#file(ending)) as [
      string,
      string,
      string,
    ];
    writeFileSync(
      config,
      `[req]\ndistinguished_name=dn\nstring_mask=utf8only\n[dn]\n[v3]\nsubjectKeyIdentifier=hash\n${extensions.join('\n')}\n[ca]\ndefault_ca=one\n[one]\nnew_certs_dir=${this.folder}\ndatabase=${this.folder}/index\nserial=${this.folder}/serial\ndefault_md=sha256\npolicy=any\nunique_subject=no\nemail_in_dn=yes\nx509_extensions=v3\n[any]\n`,
    );
    openssl('req', '-new', '-utf8', '-config', config, '-key', own, '-subj', subject, '-out', request);
    writeFileSync(join(this.folder, 'serial'), `${(0x1000 + this.#count).toString(16)}\n`);
    writeFileSync(join(this.folder, 'index'), '');
    const signer = issuer ? ['-cert', issuer.certificate, '-keyfile', issuer.key] : ['-selfsign', '-keyfile', own];
    const times = [
      ...(notBefore ? ['-startdate', notBefore] : []),
      ...(notAfter ? ['-enddate', notAfter] : ['-days', '2']),
    ];
    openssl(
      'ca',
      '-batch',
      '-preserveDN',
      '-notext',
      '-utf8',
      '-config',
      config,
      '-in',
      request,
      '-out',
      certificate,
      ...signer,
      ...times,
      ...options,
    );
    return { certificate, key: own, pem: readFileSync(certificate, 'utf8') };
  }

  /** A file with several certificates in this order, as a client sends them. */
  bundle(...issued: readonly Issued[]): string {
    this.#count++;
    const path = this.#file('pem');
    writeFileSync(path, issued.map(({ pem }) => pem).join(''));
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The subject of a certificate as OpenSSL prints it. */
export const subjectBy = ({ certificate }: Issued, form: 'RFC2253' | 'RFC2253,oid' | 'compat'): string =>
  openssl('x509', '-noout', '-subject', '-nameopt', form, '-in', certificate)
    .replace(/^subject=\s*/, '')
    .replace(/\n$/, '');

/** Extensions of an RFC 3820 proxy with this language, which by default has all rights of its person. */
export const proxyOf = (language = 'id-ppl-inheritAll', pathLength?: number): readonly string[] => [
  'keyUsage=critical,digitalSignature',
  `proxyCertInfo=critical,language:${language}${pathLength === undefined ? '' : `,pathlen:${pathLength}`}`,
];
