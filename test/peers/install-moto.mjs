// The virtual environment for moto, made once.
import { installPython } from './installed.mjs';
import { REQUIREMENTS, VENV } from './moto.mjs';

/** Nothing is done where there is one. Throws `Missing`. */
export const installMoto = async () => {
  if (process.env.MOTO_PYTHON) return;
  await installPython({ name: 'moto', folder: VENV, requirements: REQUIREMENTS });
};
