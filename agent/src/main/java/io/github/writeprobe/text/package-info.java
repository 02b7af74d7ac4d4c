/// Makes text of containers, engines and files safe for a terminal, and lays out lines.
@NullMarked
package io.github.writeprobe.text;

import org.jspecify.annotations.NullMarked;
