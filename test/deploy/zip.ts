/** Reads a zip archive: enough of PKWARE's APPNOTE for what the packager writes (no encryption, nothing over 4 GB). */
import { inflateRawSync } from 'node:zlib';

const [END, ENTRY] = [0x06054b50, 0x02014b50];

/** The files in an archive, by their paths. Throws an `Error` for what is no archive, or packed in another way. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new Error('This is no zip archive.');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error('The directory of the archive is broken.');
    const method = archive.readUInt16LE(at + 10);
    const [packed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const path = archive.toString('utf8', at + 46, at + 46 + name);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const data = archive.subarray(start, start + packed);
    if (method !== 0 && method !== 8) throw new Error(`${path} is packed by the method ${method}.`);
    const content = method === 8 ? inflateRawSync(data) : data;
    if (content.length !== size) throw new Error(`${path} has another size than the archive says.`);
    if (!path.endsWith('/')) files.set(path, content);
    at += 46 + name + extra + comment;
  }
  return files;
}
