/** A Markdown table whose columns also line up in a terminal. */

export interface Column<T> {
  readonly name: string;
  readonly of: (row: T) => string;
  /** Text is left-aligned, numbers are right-aligned. */
  readonly align?: 'left';
}

export const textTable = <T>(columns: readonly Column<T>[], rows: readonly T[]): string => {
  const cells = rows.map((row) => columns.map((column) => column.of(row)));
  const widths = columns.map(({ name }, at) => Math.max(name.length, 3, ...cells.map((line) => line[at]!.length)));
  const left = columns.map(({ align }) => align === 'left');
  const line = (values: readonly string[]) =>
    `| ${values.map((value, at) => (left[at] ? value.padEnd(widths[at]!) : value.padStart(widths[at]!))).join(' | ')} |`;
  const rule = widths.map((width, at) => (left[at] ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(columns.map(({ name }) => name)), line(rule), ...cells.map(line)].join('\n');
};

/** Three significant digits, with thousands separators: `0.12`, `12.3`, `1,234`. */
export const figure = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return '–';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

/** An integer with thousands separators. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** A share in percent with two significant digits: `25`, `7.6`, `0.034`. */
export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${share >= 0.1 ? Math.round(share * 100) : Number((share * 100).toPrecision(2))} %`;
