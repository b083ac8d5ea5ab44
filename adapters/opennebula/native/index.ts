/** Shapes of oned's answers (recorded on 6.10; 5.x to 7.x only add elements), limited to the fields that we read. */
export * from './image.ts';
export * from './network.ts';
export * from './security-group.ts';
export * from './site.ts';
export * from './vm.ts';
