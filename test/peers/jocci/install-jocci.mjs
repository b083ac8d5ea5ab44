// jOCCI from Maven and our program over it, compiled; made once.
import { join } from 'node:path';
import { installOnce, run } from '../installed.mjs';
import { CLASSES, FOLDER, JARS, POM, PROGRAM } from './jocci.mjs';

/** Fetches and compiles; nothing is done where that was done. Needs Maven and a JDK. Throws `Missing`. */
export const installJocci = () =>
  installOnce({
    name: 'jOCCI',
    folder: FOLDER,
    whole: join(CLASSES, 'Life.class'),
    make: async (fresh) => {
      await run('javac', ['--version']);
      const jars = join(fresh, JARS);
      const fetching = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`];
      await run('mvn', ['-q', '-B', '-C', '-f', POM, ...fetching]);
      await run('javac', ['-nowarn', '-cp', join(jars, '*'), '-d', join(fresh, CLASSES), PROGRAM]);
    },
  });
