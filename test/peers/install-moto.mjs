// The virtual environment for moto, made once.
import { fileURLToPath } from 'node:url';
import { VENV } from './moto.mjs';
import { install } from './virtualenv.mjs';

export { Missing } from './virtualenv.mjs';

/** Makes the environment agree with the requirements; nothing is done when it does. Throws `Missing`. */
export const installMoto = () => {
  if (process.env.MOTO_PYTHON) return;
  const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
  install({ name: 'moto', folder: VENV, requirements });
};
