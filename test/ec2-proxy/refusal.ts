import { escaped } from './xml.ts';

/** What EC2 refuses with: a code that the SDK makes the error's name, a sentence, a status. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The body of a refusal in the query protocol of EC2. */
export const refusalBody = ({ code, message }: Refusal): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  `<Response><Errors><Error><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error></Errors>` +
  '<RequestID>00000000-0000-4000-8000-000000000000</RequestID></Response>';

export const invalidValue = (message: string): Refusal => new Refusal('InvalidParameterValue', message);
