/// What is known beforehand of images, programs and paths: where they write, whether that has to
/// last, and which settings switch it off.
///
/// All of it comes from a data file that users can extend; [io.github.writeprobe.config] reads it.
@NullMarked
package io.github.writeprobe.recommend.known;

import org.jspecify.annotations.NullMarked;
