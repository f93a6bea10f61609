"""What the tests share: the two-engine façade `Chain`, its engines and codecs, signing, assertions."""
