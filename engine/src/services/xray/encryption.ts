import type { Operation } from '../../kernel';

/** Nobody can set another: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-encryption.html */
export const getEncryptionConfig: Operation<'xray', 'GetEncryptionConfig'> = () => ({
  EncryptionConfig: { Status: 'ACTIVE', Type: 'NONE' },
});
