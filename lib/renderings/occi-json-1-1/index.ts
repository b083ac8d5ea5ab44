/** JSON as it was before 1.2, for clients that announce nothing newer. Few do: it is loaded when one comes. */
import { parseOcciJson } from '../occi-json/parse.ts';
import { renderOcciJsonError } from '../occi-json/render.ts';
import type { Rendering } from '../rendering.ts';

let writer: typeof import('./render.ts') | undefined;

export const occiJson11: Rendering = {
  mediaTypes: ['application/occi+json', 'application/json'],
  letter: 'n',
  collections: 'entities',
  async ready() {
    writer ??= await import('./render.ts');
  },
  parse: parseOcciJson,
  render(answer, context) {
    if (!writer) throw new TypeError('The rendering is not loaded yet.');
    return writer.renderOcciJson11(answer, context);
  },
  renderError: renderOcciJsonError,
};
