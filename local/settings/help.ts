/** `npm start -- --help`: the variables and arguments there are, those of one adapter among them. */
import { type Field, fieldsOf } from '../../lib/config/fields.ts';
import { createArguments } from './arguments.ts';
import { schemeNames } from './auth.ts';
import { type Known, LOCAL_DEFAULTS, serviceFields } from './settings.ts';

const WIDTH = 100;

/** What to write, and what it is for. */
type Row = readonly [name: string, text: string];

const VARIABLES: readonly Row[] = [
  ['PORT', 'Port to serve on; 0 takes any free one. Default: 3300.'],
  ['HOST', 'Address to serve on. Without credentials it must be one of this machine only. Default: 127.0.0.1.'],
  ['DATA_DIR', 'Folder of the embedded table. Default: ./data.'],
  [
    'METRICS_PORT',
    'Port of their own on which Prometheus finds /metrics; 0 takes any free one. Without it there are none.',
  ],
  ['METRICS_HOST', 'Address of METRICS_PORT; whoever reaches it needs no credentials. Default: 127.0.0.1.'],
  ['POWERTOOLS_LOG_LEVEL', 'INFO logs a line per request, and the audit. Default: WARN.'],
];

const argumentOf = ({ key }: Field): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Whether one argument gives a field: it is not inside a list or a named entry, nor a map whose fields have their own. */
const isArgument = ({ key }: Field, fields: readonly Field[]): boolean =>
  !/[[<]/.test(key) && !fields.some((other) => other.key.startsWith(`${key}.`) && !other.key.startsWith(`${key}.<`));

const LOCAL: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(LOCAL_DEFAULTS.limits).map(([name, value]) => [`limits.${name}`, value]),
);

function rowOf(field: Field): Row {
  const value = LOCAL[field.key] ?? field.default;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const end = field.isRequired ? ' Required.' : value === undefined ? '' : ` Default: ${text}.`;
  return [argumentOf(field), `${plain(field.description)} Values: ${plain(field.values)}.${end}`];
}

const plain = (markdown = ''): string => markdown.replaceAll('`', '');

const rowsOf = (fields: readonly Field[]): readonly Row[] =>
  fields.filter((field) => isArgument(field, fields)).map(rowOf);

/** Text in lines of at most `WIDTH`, each behind `indent`. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

const section = (title: string, rows: readonly Row[]): string =>
  [title, ...rows.map(([name, text]) => `  ${name}\n${wrapped(text, '      ')}`)].join('\n');

/**
 * The help for these arguments, which may name an adapter.
 * @throws {Refusal} for what is not an argument
 * @throws {WrongSettings} for an adapter that does not exist
 */
export const helpFor = async (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  known: Known,
): Promise<string> => {
  const name = createArguments(argv, env).take('adapter', known.defaultAdapter);
  const module = await known.adapterModule(name);
  const describe = (key: string) => plain(fieldsOf(known.service).find((field) => field.key === key)?.description);
  const own: readonly Row[] = [
    ['--adapter', `${describe('adapter.name')} Default: ${known.defaultAdapter}.`],
    ['--site', `${describe('adapter.site')} Default: local.`],
    [
      '--auth',
      `How callers are authenticated. Values: ${schemeNames(module).join(', ')}. Several with commas between them; the settings of a scheme are those in --config, or stand in a list in JSON as [{"users": …}, {"token": {}}, "keystone"]. Default: ${[module.localAuth].flat().join(',')}.`,
    ],
    [
      '--config',
      'File of a deployment, such as occi.yml: adapter, auth and all other settings. Arguments count more. Secrets are written out in it or given as arguments: references to them are not read. Its publicUrl is not used.',
    ],
    ['--tls-cert', 'Serves https: file of the certificate in PEM, followed by those of its issuers. Needs --tls-key.'],
    ['--tls-key', 'File of the key of --tls-cert in PEM, without a passphrase.'],
    [
      '--client-ca',
      'Asks clients for a certificate, for the scheme x509: file of the authorities in PEM. A connection with another certificate ends; one without a certificate may use other schemes. VOMS proxies (RFC 3820) count as their user.',
    ],
    ['--table', 'Where the table is: embedded (on disk, in DATA_DIR) or memory. Default: embedded.'],
  ];
  return [
    'npm start -- [--name value | --name=value | --flag] ...',
    section('Variables', VARIABLES),
    section(
      'Arguments (--boot-delay may also be given as OCCI_BOOT_DELAY, --quota.compute as OCCI_QUOTA__COMPUTE;\n a list is one value, several with commas between them, or JSON)',
      own,
    ),
    section('Arguments of the service', rowsOf(serviceFields(known))),
    section(
      `Arguments of the adapter ${name} (--adapter NAME --help shows another)`,
      rowsOf(fieldsOf(module.settings)),
    ),
  ].join('\n\n');
};
