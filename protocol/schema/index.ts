// What a file that states messages needs of the schema language.
export { api, message } from './message.ts'
export {
  array,
  bool,
  bytes,
  float64,
  int16,
  int32,
  int64,
  int8,
  records,
  string,
  struct,
  uint16,
  uint32,
  uuid,
} from './field.ts'
