/** Cases of the contract that need more than the user of a real site has. */
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';

const of = (kinds: readonly KindTerm[], names: readonly string[]): readonly string[] =>
  kinds.flatMap((kind) => names.map((name) => `${kind} > ${name}`));

/** The cases that need a second user. */
export const TWO_USERS = [
  'the cloud > knows each caller by one stable name that is safe in a key',
  ...of(KIND_TERMS, ['shows nothing of it to another tenant']),
];

/** The cases that need an entity made for them. */
const MADE = [
  'lists what was created',
  'lists ids and entities in one order that stays',
  'gets what was created, as it is listed',
  'shows only values that the tables allow',
  'keeps what it was given, unless it says that it cannot',
  'has no entity under an id that it never gave out',
  'removes once',
  'makes one of the same token',
  'shows nothing of it to another tenant',
  'is listed with as many native calls however many there are',
];

/** The cases that need a network made for them, with its interfaces. */
export const OWN_NETWORKS = [
  ...of(['network', 'networkinterface'], MADE),
  ...of(['network'], ['changes a title']),
  ...of(
    ['networkinterface'],
    [
      'shows its two ends, and its source shows it',
      'names an end that does not exist',
      'gives two links made at once two slots',
    ],
  ),
  ...of(
    ['compute'],
    ['is made with its links', 'is not made when one of its links cannot be', 'takes its links with it'],
  ),
];
