/** Why a file is not what LevelDB wrote; the message follows the name of the file. */
export class Damage extends Error {
  override name = 'Damage';
}
