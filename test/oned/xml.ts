/** Text as it stands in an answer's `<string>`: the object's XML with its three characters escaped. */
export const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'));

/** Written as oned does: nothing splits a `]]>` inside the value (measured on 6.10 and 7.4). */
export const cdata = (name: string, value: string | number): string => `<${name}><![CDATA[${value}]]></${name}>`;

export const plain = (name: string, value: string | number): string => `<${name}>${value}</${name}>`;

/** `<VMS><ID>1</ID></VMS>`: lists of ids, ascending, with both tags also when empty. */
export const ids = (name: string, numbers: Iterable<number>): string =>
  plain(
    name,
    [...numbers]
      .sort((a, b) => a - b)
      .map((id) => plain('ID', id))
      .join(''),
  );
