"""The arrays of `hwq eval --dump-tensors` by the names of tensors in files."""


def find(dump, name, dtype):
    """The array of a tensor, or None. Where codes and values have one name, the
    file calls the codes NAME_quantized and the dump the values NAME.output."""
    for key in (name, name.removesuffix("_quantized"), name + ".output"):
        array = dump[key] if key in dump.files else None
        if array is not None and array.dtype == dtype:
            return array
    return None
