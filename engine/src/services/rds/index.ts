import { defineService } from '../../kernel';

export default defineService({
  name: 'rds',
  operations: {},
});
