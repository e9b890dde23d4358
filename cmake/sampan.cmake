# What the folders' CMakeLists.txt are written with.

include(CheckCCompilerFlag)

# Warnings are errors; hardening for every build but the sanitised ones, which bring their own.
add_library(sampan_options INTERFACE)
target_compile_features(sampan_options INTERFACE c_std_17)
target_include_directories(sampan_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(sampan_options INTERFACE _GNU_SOURCE SAMPAN_VERSION="${PROJECT_VERSION}")
target_compile_options(sampan_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wformat=2 -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Werror
    -fno-common -fstack-protector-strong -fstack-clash-protection -fPIE)
target_link_options(sampan_options INTERFACE -pie -Wl,-z,relro,-z,now)
if(SAMPAN_SANITIZE)
    target_compile_options(sampan_options INTERFACE -fsanitize=${SAMPAN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(sampan_options INTERFACE -fsanitize=${SAMPAN_SANITIZE})
elseif(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
    target_compile_options(sampan_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
check_c_compiler_flag(-fcf-protection SAMPAN_HAS_CF_PROTECTION) # x86 alone knows it
if(SAMPAN_HAS_CF_PROTECTION)
    target_compile_options(sampan_options INTERFACE -fcf-protection)
endif()
if(SAMPAN_FAULTS)
    target_compile_definitions(sampan_options INTERFACE SAMPAN_FAULTS)
endif()
if(SAMPAN_MUTANT)
    target_compile_definitions(sampan_options INTERFACE SAMPAN_MUTANT=${SAMPAN_MUTANT})
endif()
if(SAMPAN_COVERAGE)
    target_compile_options(sampan_options INTERFACE --coverage)
    target_link_options(sampan_options INTERFACE --coverage)
endif()

# sampan_service(NAME sources…): the program sampan-NAME and, for its tests, the library NAME_parts with everything but
# main.c.  migrations/*.sql become NAME_migrations[].
function(sampan_service name)
    string(REPLACE "-" "_" id ${name})
    set(sources ${ARGN})
    list(FILTER sources EXCLUDE REGEX "^main\\.c$")
    file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
    set(generated ${PROJECT_BINARY_DIR}/generated/${id}_migrations.c)
    add_custom_command(OUTPUT ${generated}
        COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/embed_sql.py ${id}_migrations ${generated} ${migrations}
        DEPENDS ${PROJECT_SOURCE_DIR}/cmake/embed_sql.py ${migrations})
    add_library(${id}_parts STATIC ${sources} ${generated})
    target_link_libraries(${id}_parts PUBLIC sampan)
    add_executable(sampan-${name} main.c)
    target_link_libraries(sampan-${name} PRIVATE ${id}_parts)
    set_target_properties(sampan-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    install(TARGETS sampan-${name} RUNTIME DESTINATION bin)
endfunction()

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/tap) # Criterion does not

# sampan_test(NAME LABELS unit|store|… SOURCES … LIBRARIES …): one program of Criterion's kind, one ctest entry.
function(sampan_test name)
    cmake_parse_arguments(test "" "TIMEOUT" "LABELS;SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${test_SOURCES})
    target_link_libraries(${name} PRIVATE sampan_options ${test_LIBRARIES} sampan_runner)
    add_test(NAME ${name} COMMAND ${name} --tap=${PROJECT_BINARY_DIR}/tap/${name}.tap -j1)
    if(NOT test_TIMEOUT)
        set(test_TIMEOUT 120)
    endif()
    if(SAMPAN_SANITIZE STREQUAL "thread") # everything takes five times as long
        math(EXPR test_TIMEOUT "${test_TIMEOUT} * 5")
    endif()
    # A test that leaks has passed by the time the sanitiser says so, and Criterion does not look again.
    set_tests_properties(${name} PROPERTIES LABELS "${test_LABELS}" TIMEOUT ${test_TIMEOUT}
        FAIL_REGULAR_EXPRESSION "ERROR: LeakSanitizer")
endfunction()
