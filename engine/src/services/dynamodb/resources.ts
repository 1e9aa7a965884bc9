import { globalTable } from './cloudformation/global-table';
import { table } from './cloudformation/table';

export default [table, globalTable];
