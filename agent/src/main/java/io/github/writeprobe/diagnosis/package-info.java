/// What can be verified from here: which engines answer, which witnesses work for their containers,
/// and how the host limits them. It follows from a report, and from what the engines and the kernel
/// say.
@NullMarked
package io.github.writeprobe.diagnosis;

import org.jspecify.annotations.NullMarked;
