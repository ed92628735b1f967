# SPDX-FileCopyrightText: 2026 Watchfire contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Copies the client library, configures, builds, tests and installs the copy, then builds a
# program against what was installed. -DSOURCE= -DWORK= -DCOMPILER= [-DLAUNCHER=]

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${ARGN}\n${output}")
    endif()
endfunction()

set(settings -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS=-Werror" -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})

file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE}/ DESTINATION ${WORK}/client)
run(${CMAKE_COMMAND} -S ${WORK}/client -B ${WORK}/build ${settings}
    -DCMAKE_INSTALL_PREFIX=${WORK}/installed)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure)
run(${CMAKE_COMMAND} --install ${WORK}/build)

file(COPY ${SOURCE}/examples/example.cpp DESTINATION ${WORK}/user)
file(WRITE ${WORK}/user/CMakeLists.txt "cmake_minimum_required(VERSION 3.16)\n"
    "project(User LANGUAGES CXX)\nfind_package(watchfire-client REQUIRED)\n"
    "add_executable(user example.cpp)\ntarget_link_libraries(user PRIVATE watchfire::client)\n")
run(${CMAKE_COMMAND} -S ${WORK}/user -B ${WORK}/user-build ${settings}
    -DCMAKE_PREFIX_PATH=${WORK}/installed)
run(${CMAKE_COMMAND} --build ${WORK}/user-build)
run(${WORK}/user-build/user)
file(REMOVE_RECURSE ${WORK})
