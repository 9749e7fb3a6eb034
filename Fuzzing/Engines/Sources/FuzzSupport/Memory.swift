/// Bytes of the heap in use, as the address sanitizer counts them.
@_silgen_name("__sanitizer_get_current_allocated_bytes")
package func allocatedBytes() -> Int
