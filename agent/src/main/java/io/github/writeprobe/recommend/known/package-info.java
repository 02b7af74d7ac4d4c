/// What is known in advance about images, programs and paths: where they write, whether the data
/// must be kept, and which settings prevent the writes.
///
/// It comes from a data file that users can extend. [io.github.writeprobe.config] reads it.
@NullMarked
package io.github.writeprobe.recommend.known;

import org.jspecify.annotations.NullMarked;
