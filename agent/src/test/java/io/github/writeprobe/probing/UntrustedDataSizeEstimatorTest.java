package io.github.writeprobe.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A text of a container that is not counted is a hole in the memory budget.
class UntrustedDataSizeEstimatorTest {
    private static final String LONG = "x".repeat(100_000);

    /// The engine checks an id, and the host is from the configuration.
    private static final Set<String> NOT_FROM_THE_CONTAINER = Set.of("id", "engine");

    static Stream<String> components() {
        return Arrays.stream(Container.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !NOT_FROM_THE_CONTAINER.contains(name));
    }

    @ParameterizedTest
    @MethodSource("components")
    void everyTextOfADeclarationIsCounted(String component) throws Exception {
        Filler small = new Filler("");
        Filler large = new Filler(LONG);
        RecordComponent[] all = Container.class.getRecordComponents();
        Object[] values = new Object[all.length];
        for (int i = 0; i < all.length; i++) {
            Filler filler = all[i].getName().equals(component) ? large : small;
            values[i] = filler.value(all[i].getGenericType());
        }
        assertThat(UntrustedDataSizeEstimator.of(make(Container.class, values)))
                .isGreaterThanOrEqualTo(large.texts * LONG.length());
    }

    private static <R> R make(Class<R> type, Object[] values) throws Exception {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class[]::new);
        return type.getConstructor(types).newInstance(values);
    }

    /// Makes values in which every text is the same, and counts the texts.
    private static final class Filler {
        private final String text;
        private long texts;

        Filler(String text) {
            this.text = text;
        }

        Object value(Type type) throws Exception {
            if (type instanceof ParameterizedType generic) {
                Type[] of = generic.getActualTypeArguments();
                return switch (((Class<?>) generic.getRawType()).getSimpleName()) {
                    case "List" -> List.of(value(of[0]));
                    case "Set" -> Set.of(value(of[0]));
                    case "Optional" -> Optional.of(value(of[0]));
                    case "Map" -> Map.of(value(of[0]), value(of[1]));
                    default -> throw new AssertionError("make a value of " + type);
                };
            }
            Class<?> plain = (Class<?>) type;
            if (plain.isRecord()) {
                RecordComponent[] all = plain.getRecordComponents();
                Object[] values = new Object[all.length];
                for (int i = 0; i < all.length; i++) {
                    values[i] = value(all[i].getGenericType());
                }
                return make(plain, values);
            }
            if (plain.isEnum()) {
                return plain.getEnumConstants()[0];
            }
            return switch (plain.getSimpleName()) {
                case "String" -> {
                    texts++;
                    yield text;
                }
                case "boolean" -> false;
                case "long" -> 0L;
                default -> throw new AssertionError("make a value of " + type);
            };
        }
    }
}
