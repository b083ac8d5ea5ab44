import { RENDERINGS } from '../../../lib/renderings/index.ts';
import { renderingContract } from '../../contract/rendering.ts';

for (const rendering of RENDERINGS) renderingContract(rendering);
