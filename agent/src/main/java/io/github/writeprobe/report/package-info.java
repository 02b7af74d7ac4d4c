/// The formats of the report, for people and for programs.
///
/// Texts from containers and engines are untrusted. Every format escapes them, so that they can
/// neither break the format nor reach a terminal unescaped.
@NullMarked
package io.github.writeprobe.report;

import org.jspecify.annotations.NullMarked;
