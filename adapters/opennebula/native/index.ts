/** NATIVE: shapes of oned's answers (6.10 as recorded; 5.x to 7.x only add elements). Only the fields that are read. */
export * from './image.ts';
export * from './network.ts';
export * from './security-group.ts';
export * from './site.ts';
export * from './vm.ts';
