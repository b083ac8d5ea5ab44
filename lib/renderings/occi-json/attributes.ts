import { OcciError } from '../../errors.ts';
import type { AttributeValue } from '../../occi/types.ts';
import { TABLED } from '../attribute-types.ts';
import { type AttributeBag, emptyAttributes, sameValue } from '../attributes.ts';
import { excerpt, isName } from '../characters.ts';
import { isAttributeValue, isObject } from '../json-text.ts';

/**
 * Attributes under their dotted names (JSON-12). Before 1.2 they were nested, `{"occi":{"core":{"id":…}}}`: an
 * undotted key whose value is an object is such a nest, while the object behind a dotted key is a value (JSON-15).
 * Throws `OcciError('invalid')` naming the member; `path` is where the attributes stand.
 */
export function readAttributes(body: Record<string, unknown> | undefined, path: string): AttributeBag {
  const attributes = emptyAttributes();
  if (body) unnest(body, '', path, attributes);
  return attributes;
}

/** Sets an attribute. Throws `OcciError('invalid')` where it has another value already. */
export function keep(attributes: AttributeBag, name: string, value: AttributeValue, path: string): void {
  const kept = attributes[name];
  if (kept !== undefined && !sameValue(kept, value)) {
    throw new OcciError('invalid', `${path}: ${excerpt(name)} is given two different values.`);
  }
  attributes[name] = value;
}

function unnest(nest: Record<string, unknown>, prefix: string, path: string, attributes: AttributeBag): void {
  for (const key of Object.keys(nest)) {
    const value = nest[key];
    const tabled = TABLED.get(prefix + key);
    const name = tabled ? tabled.name : prefix + key;
    if (!tabled && !isName(key))
      throw new OcciError('invalid', `${path}: "${excerpt(name)}" is not the name of an attribute.`);
    if (isObject(value) && !key.includes('.')) unnest(value, `${name}.`, path, attributes);
    else if (!isAttributeValue(value)) {
      throw new OcciError('invalid', `${path}.${excerpt(name)} is or holds a null or a number out of range.`);
    } else keep(attributes, name, value, path);
  }
}
