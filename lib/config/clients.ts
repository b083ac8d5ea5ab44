/** What single clients need although the standard has it otherwise: the setting `clients`. */
import * as z from 'zod';

export const clients = z
  .strictObject({
    jocci: z
      .boolean()
      .default(false)
      .describe(
        'Whether to serve jOCCI, which connects only if every kind has a location, `core#entity` included, and reads ' +
          'listings in `text/occi` from `Location`. Then `/entity/` lists every entity, as `/` does, and listings in ' +
          '`text/occi` need twice the header bytes. GFD.223 §4 forbids a location for a kind without instances.',
      ),
  })
  .prefault({})
  .describe('Clients that need what the standard has otherwise. docs/clients.md lists all that were tried.');
