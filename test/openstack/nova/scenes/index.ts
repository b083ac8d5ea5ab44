import type { Scene } from '../../stage.ts';
import { listScenes } from './lists.ts';
import { partScenes } from './parts.ts';
import { stateScenes } from './states.ts';

export const scenes: Readonly<Record<string, Scene>> = { ...stateScenes, ...partScenes, ...listScenes };
