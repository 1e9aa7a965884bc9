export * from './names';
export * from './vpc-names';
