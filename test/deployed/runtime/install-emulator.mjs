// AWS's emulator of the interface between Lambda and a runtime, built from its source; needs Go.
import { join } from 'node:path';
import { folderOf, installOnce, run } from '../../peers/installed.mjs';

const MODULE = 'github.com/aws/aws-lambda-runtime-interface-emulator';
/** Go's name for a commit; its checksum database vouches for the content. */
const VERSION = 'v0.0.0-20261030222936-bef5c4ba774d';
const PROGRAM = 'aws-lambda-rie';
const FOLDER = folderOf(`${PROGRAM}-${VERSION}`, []);

/** The emulator. */
export const EMULATOR = join(FOLDER, PROGRAM);

/** Made once. Throws `Missing`. */
export const installEmulator = () =>
  installOnce({
    name: "AWS's runtime interface emulator",
    folder: FOLDER,
    whole: PROGRAM,
    make: async (fresh) => {
      await run('go', ['install', `${MODULE}/cmd/${PROGRAM}@${VERSION}`], { GOBIN: fresh, CGO_ENABLED: '0' });
    },
  });
